"""The door for WSGI servers."""

from channel.app import create_app
from config import Config

app = create_app(Config())
