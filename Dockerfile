# One image for web, worker, beat, the mail sink and the chores before them; docker-compose.yml says
# which command each runs.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STATIC_ROOT=/srv/static

WORKDIR /srv/shop
COPY requirements.txt constraints.txt ./
# aiosmtpd is the mail sink; the other embedded servers are containers here.
RUN python -m pip install --no-cache-dir -r requirements.txt aiosmtpd -c constraints.txt

COPY . .
RUN python manage.py prepare --static-only \
    && useradd --system --no-create-home shop \
    && install -d -o shop /var/mails
USER shop

EXPOSE 8000
CMD ["python", "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "--backlog", "2048", "--backpressure", "1024", "--respawn-failed-workers", "--workers-kill-timeout", "10", "config.wsgi:application"]
