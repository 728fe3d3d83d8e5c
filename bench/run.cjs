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
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => void stopAll().finally(() => process.exit(130)));
  main()
    .finally(stopAll)
    .then(
      (code) => process.exit(code),
      (error) => {
        say(`\n${error.stack ?? error}`);
        process.exit(2);
      },
    );
}

module.exports = { progress, run, running, say };
