"""Prices in words and figures: amounts, currencies, periods and units."""
