from flask import Blueprint

from channel.access import Permission
from channel.web.pages import page

bp = Blueprint("help", __name__)


@page(bp, "/help", Permission.HOME)
def index():
    return ""
