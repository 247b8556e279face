"""PDF files written by hand: what a page holds, word by word, where a program would never put it so."""

import zlib


def pdf_file(*pages, pages_declared=None):
    """A PDF of pages, each a list of (x, y, size, text) in points from the lower left corner, or a content stream."""
    streams = [page if isinstance(page, bytes) else content(page) for page in pages]
    count = len(streams)
    kids = b" ".join(b"%d 0 R" % (4 + 2 * i) for i in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages_declared or count),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, stream in enumerate(streams):
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F 3 0 R >> >> "
            b"/Contents %d 0 R >>" % (5 + 2 * number),
            b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
            % (len(packed := zlib.compress(stream)), packed),
        ]
    return assembled(objects)


def content(words):
    return b"BT\n%s\nET" % b"\n".join(
        b"/F %d Tf 1 0 0 1 %d %d Tm (%s) Tj" % (size, x, y, text.encode("cp1252")) for x, y, size, text in words
    )


def lines(x, top, texts, *, size=10, pitch=14):
    """Texts below each other."""
    return [(x, top - pitch * number, size, text) for number, text in enumerate(texts)]


def assembled(objects):
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
