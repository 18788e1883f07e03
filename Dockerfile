# The controller as an image: built with all tools, shipped with none. In what is shipped there is no shell, no package
# manager and no root; nothing is written, so the root file system may be read-only.
ARG NODE_VERSION=22

FROM node:${NODE_VERSION}-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY kernel kernel
COPY plugins plugins
COPY adapters adapters
COPY config config
COPY cli cli
RUN npm run build \
  && find dist -name '*.d.ts' -delete -o -name '*.map' -delete -o -name '.tsbuildinfo' -delete \
  && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM gcr.io/distroless/nodejs${NODE_VERSION}-debian12:nonroot
ARG VERSION=0.1.0
ARG REVISION=""
LABEL org.opencontainers.image.title="koreo-kernel" \
      org.opencontainers.image.description="The Koreo controller: Workflows for triggers, and what they manage kept as it should be" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production
WORKDIR /app
COPY package.json LICENSE ./
COPY examples/starter examples/starter
COPY examples/plugin-starters examples/plugin-starters
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
# The number of the base image's nonroot, so that Kubernetes can see that it is not root.
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/nodejs/bin/node", "/app/dist/cli/main.js"]
CMD ["run"]
