from flask import Blueprint

bp = Blueprint("exceptions", __name__)
