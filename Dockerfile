# Two stages: the first resolves nothing and compiles everything, the second is what runs.
FROM python:3.11-slim AS build
RUN pip install --no-cache-dir "uv>=0.9,<1"
COPY requirements.txt .
RUN uv venv /venv \
    && uv pip sync --no-cache --require-hashes --compile-bytecode --python /venv/bin/python requirements.txt

FROM python:3.11-slim
RUN useradd --create-home ciclo && install -d -o ciclo /data
COPY --from=build /venv /venv
WORKDIR /ciclo
COPY app.py pyproject.toml LICENSE ./
COPY .streamlit .streamlit
COPY static static
COPY pages pages
COPY core core
COPY data/samples data/samples
RUN /venv/bin/python -m compileall -q core pages
USER ciclo
ENV CICLO_HOME=/data CICLO_PROFILE=prod PYTHONUNBUFFERED=1 PATH=/venv/bin:$PATH
VOLUME /data
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD \
    ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ.get('CICLO_PORT', '8501')}/health\", timeout=4)"]
CMD ["python", "app.py"]
