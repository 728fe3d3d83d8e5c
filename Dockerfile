# Two images from one build: `app` carries no simulator, no dialects, no development dependencies and no embedded
# PostgreSQL; `simulator` carries the phone network for trying things out, never for production.
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY web/package.json web/
COPY packages/client/package.json packages/client/
RUN npm ci
COPY .swcrc ./
COPY scripts scripts
COPY src src
COPY migrations migrations
COPY packages/client/src packages/client/src
COPY web web
RUN node scripts/build.cjs \
 && node scripts/build-web.cjs \
 && cp -r dist dist-app \
 && rm -rf dist-app/src/simulator dist-app/src/start dist-app/src/start.js* dist-app/src/database/embedded \
 && find dist-app \( -name '*.dialect.js*' -o -path '*/sms/providers/dialects.js*' \) -delete

FROM node:24-bookworm-slim AS dependencies
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional

FROM node:24-bookworm-slim AS runtime
WORKDIR /app
ENV LATCHKEY_DIR=/data
RUN mkdir /data && chown node:node /data
COPY package.json ./
COPY --from=dependencies /build/node_modules node_modules
USER node

FROM runtime AS simulator
ENV NODE_ENV=development SIMULATOR_HOST=0.0.0.0 SIMULATOR_PORT=3001
COPY --from=build /build/dist dist
EXPOSE 3001
HEALTHCHECK --interval=5s --timeout=3s --start-period=5s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.SIMULATOR_PORT}/inbox/%2B12015550123`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/src/simulator/main.js"]

FROM runtime AS app
ENV NODE_ENV=production PORT=3000
COPY --from=build /build/dist-app dist
COPY --from=build /build/web/dist web/dist
EXPOSE 3000
HEALTHCHECK --interval=5s --timeout=3s --start-period=15s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# bcrypt runs on libuv's threads: one for each core, and four left for files and names. exec: node itself gets the signals.
CMD ["sh", "-c", "UV_THREADPOOL_SIZE=${UV_THREADPOOL_SIZE:-$(($(nproc) + 4))} exec node dist/src/main.js"]
