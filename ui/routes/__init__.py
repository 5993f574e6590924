"""The JSON routes behind the pages, one file a page. Every one of them lies behind ``ui.gate``."""
