"""Transport of mails that use cases wrote: by SMTP, or into a folder when none is set."""
