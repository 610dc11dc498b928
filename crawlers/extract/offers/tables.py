"""Price tables: rows of offers, or plans as columns.

A cell's place tells its offer: the name stands in the row's first cell that says something, or,
where one row holds the prices of several plans, at the head of the column.
"""

import re
from dataclasses import dataclass, field, replace

from crawlers.extract.marks import GROUP_BITS
from crawlers.extract.offers.deals import offer_of
from crawlers.extract.offers.mentions import Mention, is_label, is_name
from crawlers.extract.offers.words import offer_words, words_of
from crawlers.extract.outline import Block, Outline
from crawlers.extract.prices.money import price_words
from crawlers.extract.prices.reading import Hints, find_prices, read_price, terms_of
from crawlers.folding import fold
from crawlers.items import Offer
from crawlers.words import Period

_MOST_CELLS = 4_000
_PRICE = GROUP_BITS["price"]
_NO_HINTS = Hints()
_MOST_TABLES = 60
_NUMBER = re.compile(r"\d[\d., ]{0,16}(?:\s*[-–~]\s*\d[\d., ]{0,16})?$")
_UNIT = re.compile(  # the currency in a column's head, with what may stand around it
    r"[(（]?\s*((?:nghìn |ngàn |triệu |万)?(?:vnđ|vnd|đồng|₫|usd|us\$|nt\$|hk\$|eur|€|£|gbp|sgd|aud"
    r"|元|rmb|cny|人民币|人民幣|新台幣|đ\b)(?:\s*/\s*[^)）\s]{1,12})?)",
    re.IGNORECASE,
)


@dataclass(slots=True, kw_only=True)
class Cell:
    """A cell of a table: its holder, first column, rows it spans, blocks and prices."""

    holder: int
    column: int
    tall: bool
    blocks: list[Block] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The cell's words, cut to 300 characters."""
        return " ".join(block.text for block in self.blocks)[:300]

    @property
    def priced(self) -> bool:
        """Whether a number with a currency stands in the cell."""
        return any(mention.form != "word" for mention in self.mentions)


Row = list[Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A mention with the name its place in a table gives it."""

    mention: Mention
    name: str
    period: Period | None = None


def named_in_tables(
    outline: Outline, blocks: list[Block], mentions: list[Mention], hints: Hints
) -> tuple[list[Named], set[int]]:
    """Mentions named by tables, and the blocks (by number) of which tables decided.

    A cell that holds a name of its own beside its price is left to the reader of cards. Numbers
    under a head that says the currency ("Giá (VNĐ)", 价格（元/月）) are prices too.
    """
    if "table" not in outline.kinds:
        return [], set()
    tables: dict[int, list[Mention]] = {
        table: [] for table, kind in enumerate(outline.kinds) if kind == "table"
    }
    for mention in mentions:
        table = _around(outline, blocks[mention.at].holder, "table")
        if table:
            tables.setdefault(table, []).append(mention)
    found: list[Named] = []
    decided: set[int] = set()
    for table, signed in list(tables.items())[:_MOST_TABLES]:
        rows = _rows(outline, table, blocks, signed)
        inside = [*signed, *_bare_numbers(rows, blocks, hints)]
        if not any(mention.form != "word" or mention.price.amount == 0 for mention in inside):
            continue
        if any(sum(m.form == "named" for cell in row for m in cell.mentions) > 1 for row in rows):
            continue  # the cells are cards: each holds name and price
        named = _by_columns(rows) or _by_rows(rows)
        found.extend(named)
        if named:
            decided.update(mention.at for mention in inside)
    return found, decided


def _around(outline: Outline, holder: int, kind: str) -> int:
    while holder:
        if outline.kinds[holder] == kind:
            return holder
        holder = outline.above[holder]
    return 0


def _rows(outline: Outline, table: int, blocks: list[Block], mentions: list[Mention]) -> list[Row]:
    """The table's rows with the columns of their cells, tables within it left out."""
    cells: dict[int, Cell] = {}
    rows: dict[int, Row] = {}
    fresh: dict[int, int] = {}
    carried: dict[int, int] = {}  # column -> rows still covered by a tall cell
    kinds, above = outline.kinds, outline.above
    for holder in range(table + 1, min(outline.ends[table] + 1, table + _MOST_CELLS)):
        if kinds[holder] not in ("td", "th") or _around(outline, above[holder], "table") != table:
            continue
        row = _around(outline, above[holder], "tr")
        if row not in rows:
            rows[row] = []
            carried = {column: left - 1 for column, left in carried.items() if left > 1}
            fresh = {}
        wide, tall = outline.spans.get(holder, (1, 1))
        before = rows[row][-1] if rows[row] else None
        column = before.column + outline.spans.get(before.holder, (1, 1))[0] if before else 0
        while carried.get(column) and column not in fresh:
            column += 1
        for covered in range(column, column + wide):
            if tall > 1:
                fresh[covered] = tall
        carried.update(fresh)
        cell = Cell(holder=holder, column=column, tall=tall > 1)
        rows[row].append(cell)
        cells[holder] = cell
    owner: dict[int, Cell] = {}
    for at, block in enumerate(blocks):
        if not table < block.holder <= outline.ends[table]:
            continue
        holder = block.holder
        while holder > table and holder not in cells:
            holder = above[holder]
        if holder in cells:
            cells[holder].blocks.append(block)
            owner[at] = cells[holder]
    for mention in mentions:
        if mention.at in owner:
            owner[mention.at].mentions.append(mention)
    return list(rows.values())


def _bare_numbers(rows: list[Row], blocks: list[Block], hints: Hints) -> list[Mention]:
    """Mentions for the numbers of columns whose head says in what currency they are."""
    found: list[Mention] = []
    for head in _heads(rows):
        match = _UNIT.search(head.text)
        plain = fold(head.text).strip(" :：") in offer_words()["price_column"]
        if not plain and (match is None or not _is_price_label(head.text)):
            continue
        sign = match[1].strip() if match else _currency_of(hints)
        for row in rows:
            cell = next((cell for cell in row if cell.column == head.column), None)
            if cell is None or cell.mentions or len(cell.blocks) != 1:
                continue
            text = cell.text.strip()
            price = read_price(f"{text} {sign or 'EUR'}", hints) if _NUMBER.match(text) else None
            if price is not None and price.amount is not None:
                at = next(i for i, block in enumerate(blocks) if block is cell.blocks[0])
                price = replace(price, text=text, currency=price.currency if sign else None)
                found.append(Mention(at=at, price=price, form="bare", told=True))
                cell.mentions.append(found[-1])
    return found


def _currency_of(hints: Hints) -> str | None:
    """The page's currency where nothing beside a number tells it."""
    tables = price_words()
    by_country = tables["country"].get(hints.country)
    found = hints.currency or by_country or tables["language"].get(hints.lang)
    return str(found) if found else None


def _heads(rows: list[Row]) -> Row:
    """The row that names the columns: the first of the first three with two words and no price."""
    for row in rows[:3]:
        if not any(cell.mentions for cell in row) and sum(bool(cell.blocks) for cell in row) > 1:
            return row
    return []


def _head_of(heads: Row, column: int) -> Cell | None:
    return next((cell for cell in reversed(heads) if cell.column <= column and cell.blocks), None)


def _exact(heads: Row, column: int) -> Cell | None:
    return next((cell for cell in heads if cell.column == column and cell.blocks), None)


def _name_in(cell: Cell | None) -> str:
    """The first text of a cell that can be a name."""
    for block in cell.blocks if cell else ():
        for line in block.lines or (block.text,):
            if is_name(line) and block.tag != "button":
                return line.strip()
    return ""


def _by_columns(rows: list[Row]) -> list[Named]:
    """Plans as columns: a row says what they cost, the head says their names."""
    heads = _heads(rows)
    named_columns = [cell for cell in heads if _name_in(cell) and not _is_term(cell.text)]
    if len(named_columns) < 2:
        return []
    priced = [
        row
        for row in rows
        if any(cell.priced for cell in row) and sum(bool(cell.mentions) for cell in row) > 1
    ]
    if not priced:
        return []
    others = [row for row in rows if row is not heads and row not in priced and len(row) > 1]
    told = [row for row in priced if is_label(row[0].text) or _is_price_label(row[0].text)]
    if not told and (len(priced) > 1 or (not others and len(rows) > 2)):
        return []
    if not told and _name_in(row0 := priced[0][0]) and not row0.mentions and not others:
        return []
    found: list[Named] = []
    seen: set[tuple[str, Period | None]] = set()
    for row in told or priced[:1]:
        label = row[0].text if not row[0].mentions else ""
        period = terms_of(f"/{label}")[0] or terms_of(f" {label}")[0]
        for cell in row:
            name = _name_in(_exact(heads, cell.column))
            if not name or not cell.mentions:
                continue
            mention = cell.mentions[0]
            key = (name, mention.price.period or period)
            if key not in seen:
                seen.add(key)
                found.append(Named(mention=mention, name=name, period=period))
    return found if len(found) > 1 else []


def _by_rows(rows: list[Row]) -> list[Named]:
    """An offer a row: its name in the first cell that says something."""
    heads = _heads(rows)
    found: list[Named] = []
    numeric = {cell.column for row in rows for cell in row if cell.priced}
    for row in rows:
        if row is heads:
            continue
        name = ""
        for cell in sorted(row, key=lambda cell: cell.tall):
            if not cell.mentions and _name_in(cell):
                name = _name_in(cell)
                break
        if not name:
            continue
        taken: set[Period | None] = set()
        for cell in row:
            if not cell.mentions or cell.mentions[0].form in ("named", "prose"):
                continue
            mention = cell.mentions[0]
            head = _head_of(heads, cell.column)
            title = head.text if head else ""
            if mention.old or (title and words_of("old").within(fold(title))):
                continue
            if mention.form == "word" and cell.column not in numeric and not _is_price(cell, title):
                continue
            period = terms_of(f"/{title}")[0] or terms_of(f" {title}")[0] if title else None
            key = mention.price.period or period
            if taken and (key is None or key in taken):
                continue
            taken.add(key)
            found.append(Named(mention=mention, name=name, period=period))
    return found


def _is_price(cell: Cell, title: str) -> bool:
    marked = any(block.near & _PRICE for block in cell.blocks)
    return marked or _is_price_label(title)


def _is_price_label(text: str) -> bool:
    return bool(text) and len(text) < 60 and words_of("context").within(fold(text))


def _is_term(text: str) -> bool:
    """A period ("Monthly", 年付) or nothing but a label heads the column, no plan."""
    return is_label(text) or bool(find_prices(text, _NO_HINTS))


def offer_named(named: Named) -> Offer:
    """The offer of a mention named by a table."""
    price = named.mention.price
    period = price.period or (named.period if price.amount else None)
    price = replace(price, period=period)
    return offer_of(named.name, price)
