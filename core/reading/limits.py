"""How much of a document is read. Time and memory are settings (CICLO_READ_SECONDS, _MEMORY_MB).

Whatever is beyond a limit is refused whole, never cut: half a price list misleads.
"""

MAX_CHARACTERS = 5_000_000  # some 2,500 printed pages, 4,000 pieces: a longer text is a library
MAX_PAGES = 5_000  # of a PDF, whether they hold text or not
MAX_UNPACKED = 300 << 20  # bytes that the parts of a DOCX or XLSX may unpack into, together
MAX_PARTS = 5_000  # files within a DOCX or XLSX: slides of photographs have hundreds
MAX_LEVELS = 250  # of HTML or XML elements within each other: libxml2's own limit is 256
MAX_REPLY = 64 << 20  # bytes the child may answer: the longest text, escaped, with its pieces
