import sys
sys.path.insert(0,".")
import pytest
from tests.web.test_languages_on_pages import *
from tests.web.test_every_page import addresses, USERS
from channel.access import Role
@pytest.mark.parametrize("language",["zh_CN","en"])
def test_all(demo,data,language):
    left=set()
    for role in Role:
        client=GuardedClient(demo.app,demo.actor(USERS[role])); client.client.set_cookie("weir_lang",language)
        for endpoint,path in addresses(demo.app,role):
            client._forget()
            r=client.client.get(path)
            if r.status_code!=200 or r.mimetype!="text/html": continue
            v=Visible(); v.feed(r.text)
            for text,tags in v.texts:
                t=without(text,data)
                if language=="zh_CN" and LATIN.search(SAME.sub("",t)): left.add((path,text))
                if language=="en" and HAN.search(t): left.add((path,text,",".join(sorted(tags&SPOKEN))))
    print(); 
    for x in sorted(left): print(x)
