"""What a page sells: products and plans, the page's main offer first."""
