"""Sentences about files: why one is refused, and what is wrong in which row or column."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from channel.messages.texts import WORDS, Text, register

NOUNS: dict[str, Any] = {
    "distributor": _l("distributor"),
    "product": _l("product"),
    "division": _l("division"),
    "product_group": _l("product group"),
}
WORDS["noun"] = NOUNS


class _Placed:
    """A reason behind the words that say where it stands; translated when it is printed."""

    def __init__(self, place: Any, reason: Any) -> None:
        self.place, self.reason = place, reason

    def __str__(self) -> str:
        return f"{self.place}{self.reason}"


_AT_CELL = _l("Row %(row)s, column %(column)s, “%(value)s”: ")
_AT_COLUMN = _l("Column %(column)s, %(count)s values such as “%(value)s” (rows %(rows)s): ")

#: reason → (what is wrong, remedy); told of one cell (cell.*) or of a whole column (column.*).
REASONS: dict[str, tuple[Any, Any]] = {
    "missing": (
        _l("a value is missing."),
        _l("Fill the cell; write 0 where nothing happened."),
    ),
    "not_number": (
        _l("not a number."),
        _l("Write digits with a decimal point, such as 5496.31."),
    ),
    "comma_decimal": (
        _l("the comma is not at a thousands place."),
        _l("Write the decimal mark as a point, such as 809.76."),
    ),
    "scientific": (
        _l("the spreadsheet shortened the number to powers of ten."),
        _l("Format the cells as text or number with all digits, and save again."),
    ),
    "digits_lost": (
        _l("the number is too long for a spreadsheet, its last digits are lost."),
        _l("Format the column as text before you enter the numbers."),
    ),
    "negative": (
        _l("a negative number is not allowed here."),
        _l("Write the quantity without a minus; other columns are for what goes out."),
    ),
    "too_small": (
        _l("the number is smaller than %(least)s."),
        _l("Correct the number."),
    ),
    "too_big": (
        _l("the number is larger than %(most)s."),
        _l("Correct the number."),
    ),
    "too_many_decimals": (
        _l("more than %(decimals)s decimals."),
        _l("Round it in the source; nothing is rounded on import."),
    ),
    "not_integer": (
        _l("not a whole number."),
        _l("Write a whole number."),
    ),
    "not_rate": (
        _l("not a rate."),
        _l("Write a rate such as 13%%."),
    ),
    "not_bool": (
        _l("neither yes nor no."),
        _l("Write yes or no."),
    ),
    "not_allowed": (
        _l("not one of %(allowed)s."),
        _l("Use one of these words."),
    ),
    "not_date": (
        _l("not a date."),
        _l("Write dates as 2026-08-31."),
    ),
    "date_ambiguous": (
        _l("day and month cannot be told apart."),
        _l("Write dates as 2026-08-31, or say the order of day and month."),
    ),
    "short_year": (
        _l("the year has only two digits."),
        _l("Write dates as 2026-08-31."),
    ),
    "time_only": (
        _l("a time of day stands where the date should be."),
        _l(
            "Take the file from the source system again, without opening and saving it in a "
            "spreadsheet."
        ),
    ),
    "no_such_date": (
        _l("there is no such day."),
        _l("Write dates as 2026-08-31."),
    ),
    "date_implausible": (
        _l("the date is outside 1990 to 2099."),
        _l("Write dates as 2026-08-31."),
    ),
    "too_long": (
        _l("longer than %(most)s characters."),
        _l("Shorten the text."),
    ),
    "not_currency": (
        _l("not a currency code."),
        _l("Write a code of three letters such as CNY, or translate the word on the mapping page."),
    ),
    "not_division": (
        _l("not a division code of six digits."),
        _l("Write the code of GB/T 2260, such as 511083."),
    ),
    "uscc_shape": (
        _l("not a unified social credit code of 18 characters."),
        _l("Copy it from the business licence."),
    ),
    "uscc_check": (
        _l("the check character of the credit code does not fit."),
        _l("Compare it with the business licence, character by character."),
    ),
    "unknown_code": (
        _l("this %(noun)s is not known."),
        _l("Correct the code, or create it first."),
    ),
}

register(
    {
        f"{place}.{reason}": Text(_Placed(where, words), remedy)
        for place, where in (("cell", _AT_CELL), ("column", _AT_COLUMN))
        for reason, (words, remedy) in REASONS.items()
    }
)

register(
    {
        "file.empty": Text(
            _l("The file %(file)s is empty."),
            _l("Check that you chose the right file."),
        ),
        "file.edi_envelope": Text(
            _l(
                "The message in %(file)s is not whole: %(wanted)s is missing, at segment "
                "%(segment)s «%(text)s»."
            ),
            _l("Send the file again as your system wrote it, from the first segment to the last."),
        ),
        "file.edi_count": Text(
            _l(
                "Segment %(segment)s «%(text)s» of %(file)s states %(stated)s segments, "
                "%(counted)s have come."
            ),
            _l("The message was cut or changed on the way: send it again."),
        ),
        "file.edi_reference": Text(
            _l(
                "Segment %(segment)s «%(text)s» of %(file)s closes message %(stated)s, but "
                "%(opened)s is open."
            ),
            _l("The message was cut or changed on the way: send it again."),
        ),
        "file.edi_kind": Text(
            _l("%(file)s holds a message %(kind)s, which is no inventory report."),
            _l("Read are X12 852 and 867 and EDIFACT INVRPT and SLSRPT."),
        ),
        "file.edi_cancelled": Text(
            _l("The message in %(file)s cancels an earlier one: segment %(segment)s «%(text)s»."),
            _l("Send the right report instead; it replaces the earlier one."),
        ),
        "file.edi_function": Text(
            _l(
                "The function of the message in %(file)s is not read: segment %(segment)s "
                "«%(text)s»."
            ),
            _l("Send it as an original (9), a duplicate (7), a copy (31) or a replacement (5)."),
        ),
        "file.edi_periods": Text(
            _l("%(file)s speaks of two periods at once: %(one)s and %(other)s."),
            _l("Send one file for each period."),
        ),
        "file.json": Text(
            _l("%(file)s is no list of report rows in JSON."),
            _l("Send an object with «rows», a list of objects, one for each line."),
        ),
        "file.json_row": Text(
            _l("Row %(row)s of %(file)s is no object of texts and numbers."),
            _l("Give each member one text, one number or null."),
        ),
        "file.json_member": Text(
            _l("%(file)s has members that no report knows: %(columns)s."),
            _l("Use the member names of the interface description."),
        ),
        "file.kind": Text(
            _l(
                "%(file)s is not a table that can be read: the content must be CSV, xlsx, xls or "
                "ods, and the name must say the same."
            ),
            _l("Save the file again as .xlsx or as CSV in UTF-8, and send that."),
        ),
        "file.macros": Text(
            _l("%(file)s contains macros and is not opened."),
            _l("Save it without macros as .xlsx."),
        ),
        "file.too_large": Text(
            _l("%(file)s is too large: %(bytes)s bytes, at most %(limit)s are read."),
            _l("Split it into several files."),
        ),
        "file.too_many_rows": Text(
            _l("%(file)s has more than %(limit)s rows."),
            _l("Split it into several files, or delete the empty rows below the data."),
        ),
        "file.too_wide": Text(
            _l("%(file)s is too wide: %(columns)s columns."),
            _l("Delete the columns that are not needed, also the empty ones at the right."),
        ),
        "file.encrypted": Text(
            _l("%(file)s is protected by a password and cannot be opened."),
            _l("Save it without a password."),
        ),
        "file.unreadable": Text(
            _l("%(file)s cannot be read; it is damaged or not what its name says (%(reason)s)."),
            _l("Save the file again as .xlsx or as CSV in UTF-8, and send that."),
        ),
        "file.zip_bomb": Text(
            _l("%(file)s would unpack to %(unpacked)s bytes and is not opened."),
            _l("Save the table alone, without pictures and attachments."),
        ),
        "file.sheet_missing": Text(
            _l("%(file)s has no sheet %(sheet)s; it has %(sheets)s."),
            _l("Choose one of its sheets."),
        ),
        "file.encoding": Text(
            _l(
                "The characters of %(file)s cannot be read: it is neither UTF-8 nor UTF-16 nor GB "
                "18030."
            ),
            _l("Save the file again as .xlsx or as CSV in UTF-8, and send that."),
        ),
        "file.open_quote": Text(
            _l("In %(file)s a quotation mark is opened and never closed."),
            _l('Look for a single " in the texts and double it.'),
        ),
        "file.ragged": Text(
            _l("Row %(row)s of %(file)s has %(cells)s cells, but there are %(columns)s columns."),
            _l("Put texts that contain the delimiter into quotation marks."),
        ),
        "file.no_header": Text(
            _l("%(file)s has no row of column titles."),
            _l("Write the column titles into the first row; the template shows them."),
        ),
        "file.header_blank": Text(
            _l("Column %(column)s of %(file)s has values but no title."),
            _l("Give the column a title or delete it."),
        ),
        "file.header_numbers": Text(
            _l("Row %(row)s of %(file)s should hold the column titles but holds numbers."),
            _l("Write the column titles into the first row; the template shows them."),
        ),
        "file.duplicate_header": Text(
            _l("%(file)s has two columns with the same title: %(columns)s."),
            _l("Rename or delete one of them."),
        ),
        "file.no_rows": Text(
            _l("%(file)s has column titles but no rows."),
            _l("Check that you chose the right file and sheet."),
        ),
        "file.join_column": Text(
            _l("%(file)s and %(other)s cannot be joined: there is no column %(column)s."),
            _l("Name a column that both files have."),
        ),
        "file.join_doubled": Text(
            _l("%(file)s has the key %(value)s in column %(column)s twice (row %(row)s)."),
            _l("Keep one row per key."),
        ),
        "file.join_missing": Text(
            _l("Row %(row)s of %(file)s: %(column)s %(value)s is not in %(other)s."),
            _l("Export both files for the same period."),
        ),
        "column.not_mapped": Text(
            _l("No column of %(file)s is %(field)s."),
            _l("Choose the column, or enter one value for all rows."),
        ),
        "column.not_there": Text(
            _l("%(file)s has no column %(column)s."),
            _l("Choose the column anew."),
        ),
        "column.decimal_lost": Text(
            _l(
                "Column %(column)s: values look as if the decimal point was lost (%(value)s); in "
                "%(count)s rows the comma is a decimal mark instead (%(other)s, rows %(rows)s)."
            ),
            _l(
                "Take the file from the source system again, without opening and saving it in a "
                "spreadsheet."
            ),
        ),
        "column.decimal_lost_amount": Text(
            _l(
                "Column %(column)s: values look as if the decimal point was lost (%(value)s); in "
                "%(count)s rows quantity × price misses the amount by exactly a power of ten, "
                "first %(quantity)s × %(price)s against %(amount)s (rows %(rows)s)."
            ),
            _l(
                "Take the file from the source system again, without opening and saving it in a "
                "spreadsheet."
            ),
        ),
        "column.decimal_lost_tax": Text(
            _l(
                "Column %(column)s: values look as if the decimal point was lost (%(value)s); in "
                "%(count)s rows the tax rate is ten or more times that of the others, first "
                "%(tax)s on %(amount)s (rows %(rows)s)."
            ),
            _l(
                "Take the file from the source system again, without opening and saving it in a "
                "spreadsheet."
            ),
        ),
        "column.decimal_lost_price": Text(
            _l(
                "Column %(column)s: values look as if the decimal point was lost (%(value)s); in "
                "%(count)s rows the price is a hundred or more times that of the price book (rows "
                "%(rows)s)."
            ),
            _l(
                "Take the file from the source system again, without opening and saving it in a "
                "spreadsheet."
            ),
        ),
        "column.whole_numbers": Text(
            _l(
                "Column %(column)s: all values are whole and none ends in 0 (%(value)s); decimal "
                "points may have been lost."
            ),
            _l("Compare a few amounts with the source before you confirm."),
        ),
        "column.date_orders_mixed": Text(
            _l(
                "Column %(column)s: %(other)s has the day first and %(value)s has the month first "
                "(rows %(rows)s)."
            ),
            _l("Write all dates as 2026-08-31."),
        ),
        "column.dates_disagree": Text(
            _l(
                "Column %(column)s: in %(count)s rows the date is another than in column "
                "%(other_column)s, first %(value)s against %(other)s (rows %(rows)s)."
            ),
            _l("Correct the dates in the source, or delete the column that is not true."),
        ),
        "column.amount_differs": Text(
            _l(
                "Column %(column)s: in %(count)s rows quantity × price less discount is not the "
                "amount, first %(quantity)s × %(price)s − %(discount)s = %(computed)s against "
                "%(amount)s (rows %(rows)s)."
            ),
            _l("Check that the columns of price, discount and amount are the right ones."),
        ),
        "column.tax_implausible": Text(
            _l(
                "Column %(column)s: in %(count)s rows the tax does not fit the amount, first "
                "%(tax)s on %(amount)s (rows %(rows)s)."
            ),
            _l("Check that the columns of tax and amount are the right ones."),
        ),
        "column.duplicates": Text(
            _l(
                "Column %(column)s: %(count)s rows repeat a key that came before, first %(value)s "
                "(rows %(rows)s)."
            ),
            _l("Check that the columns of number and line are the right ones."),
        ),
        "row.duplicate": Text(
            _l("Row %(row)s repeats %(value)s of row %(first)s."),
            _l("Delete one of them."),
        ),
        "row.amount_differs": Text(
            _l(
                "Row %(row)s: %(quantity)s × %(price)s less discount %(discount)s is "
                "%(computed)s, but the amount is %(amount)s."
            ),
            _l("Correct the row in the source; the discount must have its own column."),
        ),
        "row.tax_implausible": Text(
            _l("Row %(row)s: a tax of %(tax)s does not fit the amount %(amount)s."),
            _l("Correct the tax of this row."),
        ),
        "row.negative_invoice": Text(
            _l("Row %(row)s: an invoice with a negative amount (%(value)s)."),
            _l("If it is a credit note, say so in the column of the document kind."),
        ),
        "row.ship_date_far": Text(
            _l(
                "Row %(row)s: the ship date %(value)s is more than a year from the invoice date "
                "%(date)s."
            ),
            _l("Check both dates."),
        ),
        "row.total_skipped": Text(
            _l("Row %(row)s is a total and was passed over."),
        ),
        "row.ends_before_start": Text(
            _l("Row %(row)s: the price of %(product)s ends before it begins (%(value)s)."),
            _l("Correct the dates; the last day counts."),
        ),
        "row.periods_overlap": Text(
            _l(
                "Row %(row)s: the price of %(product)s from %(value)s overlaps that of row "
                "%(first)s."
            ),
            _l("Let the earlier price end the day before."),
        ),
        "row.due_before_date": Text(
            _l("Row %(row)s: due on %(value)s, before the invoice date %(date)s."),
            _l("Correct one of the two dates."),
        ),
        "row.expiry_before_production": Text(
            _l("Row %(row)s: expires on %(value)s, not after the production date %(date)s."),
            _l("Correct one of the two dates."),
        ),
    }
)
