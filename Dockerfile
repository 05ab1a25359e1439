# Pincite in a container: the chat page, its port 7860, seeds and index in volumes.
#
#     docker build -t pincite .
#     docker run --rm -it -v pincite-auth:/auth pincite password ada --auth-file /auth/passwords
#     docker run -p 7860:7860 -v "$PWD/seeds:/seeds" -v pincite-index:/index -v pincite-auth:/auth pincite
#
# What the page's Library does to the shelf needs a folder that user 10001 may write; where it is mounted with :ro, end
# the command with: ui --auth-file /auth/passwords --read-only
FROM python:3.13-slim

ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HF_HUB_OFFLINE=1 \
    GRADIO_ANALYTICS_ENABLED=False

WORKDIR /app

# First what changes seldom. PyPI's torch brings gigabytes of CUDA libraries along; this is the CPU build of the same, for
# whatever machine the image is made on: the one thing here whose bytes are not held against a list.
COPY requirements ./requirements
RUN pip install --no-deps --index-url https://download.pytorch.org/whl/cpu \
        "$(sed -n 's/^\(torch==[^ ]*\).*/\1/p' requirements/torch.txt)" \
    && pip install --no-deps --require-hashes --requirement requirements/chat.txt --requirement requirements/mcp.txt

COPY pyproject.toml README.md LICENSE ./
COPY index ./index
COPY rag ./rag
COPY ui ./ui
RUN pip install --no-deps --no-index --no-build-isolation . && rm -rf build ./*.egg-info

# Nobody in particular, who may write the shelf, the index and the passwords and nothing else.
RUN useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin pincite \
    && mkdir /seeds /index /auth \
    && chown pincite /seeds /index /auth
USER pincite
WORKDIR /tmp

ENV PINCITE_SEEDS=/seeds \
    PINCITE_INDEX=/index \
    PINCITE_HOST=0.0.0.0
VOLUME ["/seeds", "/index", "/auth"]
EXPOSE 7860

HEALTHCHECK --interval=30s --timeout=5s --start-period=10m --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:7860/health', timeout=4)"]

# Asks for passwords; for a page that is open to everyone who reaches it, end the command with: ui --no-auth --read-only
ENTRYPOINT ["pincite"]
CMD ["ui", "--auth-file", "/auth/passwords"]
