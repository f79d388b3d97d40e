import { defineConfig } from "vite";

const memoranda = process.env.MEMORANDA_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  server: {
    proxy: {
      "/graphql": { target: memoranda, ws: true },
      "/files": memoranda,
    },
  },
});
