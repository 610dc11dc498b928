"""Money as the tables hold it: integer minor units."""

from decimal import Decimal

# ISO 4217: currencies whose minor unit is not the hundredth.
_EXPONENTS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}
_LARGEST = 2**62  # an SQLite integer, with room


def exponent(currency: str | None) -> int:
    """Decimal places of a currency's minor unit; 2 where the currency is unknown."""
    return _EXPONENTS.get(currency or "", 2)


def to_minor(amount: Decimal | None, currency: str | None) -> int | None:
    """An amount in minor units, rounded; ``None`` for none, for what is no number or no price."""
    if amount is None or not amount.is_finite():
        return None
    minor = int((amount.scaleb(exponent(currency))).to_integral_value())
    return minor if abs(minor) < _LARGEST else None


def from_minor(minor: int | None, currency: str | None) -> Decimal | None:
    """The amount of an integer of minor units, without trailing zeros after the point."""
    if minor is None:
        return None
    amount = Decimal(minor).scaleb(-exponent(currency))
    return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount
