"""Papers and photos that come with a form."""

from __future__ import annotations

from flask import request

from channel.services.steps.market import File


def sent_files(name: str = "files") -> list[File]:
    """The photos and papers that came with the form."""
    return [
        File(sent.filename or "file", sent.read())
        for sent in request.files.getlist(name)
        if sent.filename
    ]
