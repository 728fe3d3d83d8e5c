// The vendors' official SDKs complete the flow against the dialects: independent witnesses of what a vendor expects.
const { sdks } = require('./vendors/index.cjs');

/** `run` answers 'ok', or what is wrong. */
async function driveSdks({ vendors, rows }) {
  for (const { vendor, witness, operation, run } of sdks) {
    const verdict = await run(vendors).catch((error) => `threw ${error.message}`);
    rows.push({ vendor, witness, operation, direction: 'SDK to dialect and back', verdict, ok: verdict === 'ok' });
  }
}

module.exports = { driveSdks };
