// How a bench runs: what it starts is put on `running` and ends with it, the last first, whether it comes to its end, fails, or is told to stop.
const running = [];
const say = (text) => process.stderr.write(`${text}\n`);

/** One line that takes the place of the one before; where nobody watches, a line each. */
const progress = (text) => (process.stderr.isTTY ? process.stderr.write(`\r\x1b[K  ${text}`) : say(`  ${text}`));

async function stopAll() {
  while (running.length > 0) await running.pop().stop();
}

/** @param {() => Promise<number>} main gives the exit code: 0, or 1 when a target is missed; 2 after an error, 130 after a signal */
function run(main) {
  let stopped;
  // Stopped once, and waited for by everybody: whoever left earlier would leave a database behind.
  const end = (code) => {
    stopped ??= stopAll();
    void stopped.finally(() => process.exit(code));
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => end(130));
  main().then(end, (error) => {
    // What was under way when a signal came fails, since its servers are gone.
    if (stopped === undefined) say(`\n${error.stack ?? error}`);
    end(2);
  });
}

module.exports = { progress, run, running, say };
