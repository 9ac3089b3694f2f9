"""Hand one mail over. A failure raises; the caller writes it down and tries again later."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit


def compose(
    sender: str, recipient: str, subject: str, body: str, pdf: tuple[str, bytes] | None = None
) -> EmailMessage:
    """The message; `pdf` is (file name, bytes) of a paper that goes along."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, recipient, subject
    message.set_content(body)
    if pdf is not None:
        name, data = pdf
        message.add_attachment(data, maintype="application", subtype="pdf", filename=name)
    return message


def write_to_folder(folder: Path, name: str, message: EmailMessage) -> None:
    """The local mailbox: one .eml file per mail, readable by any mail program."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.eml").write_bytes(message.as_bytes())


def send_by_smtp(url: str, message: EmailMessage) -> None:
    """smtp://user:password@host:587 (STARTTLS where offered) or smtps://host:465."""
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=20, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=20)
    with server:
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
