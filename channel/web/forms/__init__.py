"""Forms: strings in, typed commands out. No rules; choices are passed in."""
