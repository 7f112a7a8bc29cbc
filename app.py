"""The entry: one process and one port for the pages, /api, /health, /ready and /metrics.

The file is both things. Started (`make run`, `ciclo serve`, `streamlit run app.py`) it builds the
server; run by that server for a page it draws the page. Streamlit finds the server by reading
this source, so ``app = st.App(...)`` stands here as such.
"""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

WARM = ("streamlit.emojis", "pages.ui.frame")  # what the first page would wait for

if get_script_run_ctx(suppress_warning=True):
    from pages.ui import frame

    frame.run()
else:
    from streamlit.runtime.pages_manager import PagesManager

    from core.api import health, layers, lifespan, mounted, sign_in_routes, start

    # the pages are named by st.navigation; until its first run Streamlit would look into pages/
    # itself, and tell whoever comes first by a deep link that there is no such page
    PagesManager.uses_pages_directory = False

    own_port = __name__ == "__main__"
    settings = start.prepare(None if own_port else st.get_option("server.address") or "0.0.0.0")
    app = st.App(
        __file__,
        routes=[*health.routes(), *sign_in_routes.routes(), *mounted()],
        middleware=layers.layers(settings),
        lifespan=lifespan.lifespan(*WARM),
    )
    if own_port:
        app.run(
            config={
                "server.address": settings.host,
                "server.port": settings.port,
                "server.maxUploadSize": settings.max_upload_mb,
            }
        )
