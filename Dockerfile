# Rivalmap in a container: docs/operations.md, "Docker".
#   docker build -t rivalmap .
#   docker run --rm -v rivalmap:/data rivalmap research coffee --quiet --json
FROM python:3.11-slim-bookworm

WORKDIR /opt/rivalmap
RUN python -m venv .venv
ENV PATH=/opt/rivalmap/.venv/bin:$PATH PYTHONUNBUFFERED=1

# The lock as constraints: the exact versions of what is needed to run, without tests and tools.
COPY requirements.lock pyproject.toml README.md scrapy.cfg ./
COPY crawlers crawlers
COPY pipelines pipelines
COPY analysis analysis
RUN pip install --no-cache-dir --disable-pip-version-check --constraint requirements.lock .

# Markets and data live in a volume, written by a user without rights elsewhere.
RUN useradd --uid 10001 --create-home rivalmap && install -d -o rivalmap -g rivalmap -m 0700 /data
USER rivalmap
ENV RIVALMAP_HOME=/data
VOLUME /data
WORKDIR /data

# SIGTERM (docker stop) ends a run in order; give it time with --stop-timeout 300.
STOPSIGNAL SIGTERM
ENTRYPOINT ["scrapy"]
CMD ["--help"]
