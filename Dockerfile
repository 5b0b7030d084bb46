# One image for every part. Without a command it runs the whole platform, with a PostgreSQL of its own in /data;
# with a name (auth, organization, document, collaboration, gateway, web, ai) that part alone, as compose.yaml does.
FROM node:22-bookworm-slim

RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates python3 python3-venv \
  && rm -rf /var/lib/apt/lists/*

ENV NEXT_TELEMETRY_DISABLED=1 npm_config_update_notifier=false
WORKDIR /app
RUN chown node:node /app && install -d -o node -g node -m 0700 /data
USER node

# Packages, Prisma clients, the Python environment and the web build: what `npm start` would make at its first start.
COPY --chown=node:node . .
RUN node tools/run.mjs prepare && rm -rf /home/node/.npm /home/node/.cache /app/apps/web/.next/cache

ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
EXPOSE 3000
VOLUME /data
ENTRYPOINT ["node", "--import", "tsx", "apps/platform/src/main.ts"]
