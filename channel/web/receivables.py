from flask import Blueprint

bp = Blueprint("receivables", __name__)
