# One image for every process: docker build -t soty . && docker run --rm soty --help
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/soty
COPY requirements.lock /build/
RUN /opt/soty/bin/pip install --require-hashes --only-binary :all: -r /build/requirements.lock \
    && /opt/soty/bin/pip uninstall --yes pip

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/soty --create-home soty
COPY --from=build /opt/soty /opt/soty
COPY LICENSE /app/
COPY src /app/src
COPY migrations /app/migrations
COPY deploy/health.py /app/deploy/
RUN /opt/soty/bin/python -m compileall -q /app/src
ENV PATH=/opt/soty/bin:$PATH PYTHONPATH=/app/src PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 SOTY_PROFILE=prod
WORKDIR /app
USER soty
EXPOSE 8000 8001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["python", "/app/deploy/health.py", "http"]
ENTRYPOINT ["python", "-m", "entrypoints.cli.main"]
CMD ["http"]
