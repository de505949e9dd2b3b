// A static web server of a folder, as `npm start` uses it.

import { spawn } from "node:child_process";

const PYTHON = process.env.PYTHON ?? "python3";

/** Starts it; `url` is its address, and `stop` ends it. */
export async function serve(folder) {
  const options = ["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", folder];
  const server = spawn(PYTHON, options, { stdio: ["ignore", "pipe", "ignore"] });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const stop = () => {
    server.kill();
    return ended;
  };
  const url = await new Promise((resolve, reject) => {
    server.stdout.on("data", (line) => {
      const port = /port (\d+)/.exec(line)?.[1];
      if (port) resolve(`http://127.0.0.1:${port}/`);
    });
    ended.then(() => reject(new Error(`${PYTHON} serves no folder`)));
  });
  return { url, stop };
}
