# The hub's own image: web, worker, timer and the one-off migration are the same code.
FROM python:3.11-slim-trixie

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app

# Every file that is installed must bear the checksum that the lock names.
COPY requirements.txt .
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps -r requirements.txt

COPY manage.py ./
COPY hub hub
COPY partners partners
COPY referrals referrals
COPY risk risk
COPY reporting reporting
COPY templates templates
COPY deploy/serving.py deploy/answers.py deploy/

# The names of static files bear their hash only behind TLS. The key serves this one command: the
# settings refuse to be read without a strong one, and no page is signed with it.
RUN HUB_BEHIND_TLS=1 HUB_ALLOWED_HOSTS=build.invalid \
    HUB_SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
    python manage.py collectstatic --no-input --verbosity 0

RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin hub \
    && install --directory --owner=hub --group=hub --mode=0700 /var/lib/hub
USER hub

EXPOSE 8000
CMD ["gunicorn", "--config", "deploy/serving.py", "hub.wsgi"]
