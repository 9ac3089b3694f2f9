from flask import Blueprint

bp = Blueprint("rebates", __name__)
