"""An independent check of rebate statements: adds everything up again from the file alone.

Written against docs/statement-format.md and not against the engine: nothing of the rest of the
product is imported here, so that a mistake of the engine is not made a second time.
"""
