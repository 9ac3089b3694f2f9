from flask import Blueprint

from channel.access import Permission
from channel.web.pages import page

bp = Blueprint("search", __name__)


@page(bp, "/search", Permission.HOME)
def index():
    return ""
