"""The sample's broken site: every way a server fails, and one page that can still be read."""

from analysis.demo.answers import Answer, page, plain, redirect

HOST = "cartwobble.localhost"
NAME = "Cartwobble"

_HOME = """<html><head><title>Cartwobble online shops</title>
<meta name=description content="Online shops that mostly stay up
<body bgcolor=white></div></div>
<h1>Cartwobble<h2>An online shop builder for small shops
<ul><li><a href="http://[">Themes</a><li><a href="http://:80/">Support<li>
<a href="//"">Status</a> <a href="javascript:void(0)">Menu</a>
<a href="/pricing">Pricing</a> <a href='/features>Features</a> <a href="/about">About</a>
<a href="/blog">Blog <a href="/contact">Contact <a href="/product">Product</a>
<a href="/features">Features</a> <a href="http://{host}/%zz/%E0%A4">Old page</a>
<table><tr><td><p>We build web shops for small shops<td><form><form>
<p>Our website is being repaired. &nbsp &#0; &#xFFFFFFF; &unknown;
<script>document.write("<scr" + "ipt>")</script><!-- never closed
"""

PATHS = {
    "/": "malformed page",
    "/pricing": "500",
    "/features": "bytes that are no text",
    "/about": "the connection is reset",
    "/blog": "a redirect loop",
    "/blog/": "a redirect loop",
    "/contact": "403 with a challenge page",
    "/product": "promises more than it sends",
}
"""What each address does wrong."""


def broken_answer(target: str, port: int) -> Answer:
    """What the broken site answers; ``fault`` tells the server how to misbehave."""
    host = f"{HOST}:{port}"
    path = target.partition("?")[0]
    match path:
        case "/robots.txt":
            return plain("User-agent: *\nDisallow: /admin\nDisallow /wrong\n\x00garbage\n")
        case "/":
            return page(_HOME.replace("{host}", host), content_type="text/html")
        case "/features":
            noise = bytes(range(128, 256)) * 3
            body = b"<html><body><h1>Features</h1><p>" + noise + b"\xff\xfe</p>"
            headers = (("Content-Type", "text/html; charset=utf-8"),)
            return Answer(status=200, body=body, headers=headers)
        case "/about":
            return Answer(status=200, fault="reset")
        case "/blog":
            return redirect(f"http://{host}/blog/", status=302)
        case "/blog/":
            return redirect(f"http://{host}/blog", status=302)
        case "/contact":
            return page(
                "<!doctype html><title>Just a moment...</title><p>Checking your browser before "
                "you enter. Enable JavaScript and cookies to continue.</p>"
                '<form id="challenge-form"></form>',
                status=403,
                extra=(("Server", "doorman"),),
            )
        case "/product":
            headers = (("Content-Type", "text/html; charset=utf-8"),)
            body = b"<html><body><h1>Product</h1><p>This page ends in the mid"
            return Answer(status=200, body=body, headers=headers, fault="short")
        case "/pricing":
            return page("<h1>Internal Server Error</h1>", status=500)
    return page("<h1>Not Found</h1>", status=404)
