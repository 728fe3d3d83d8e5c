// The vendors' official SDKs complete the flow against the dialects: independent witnesses of what a vendor expects.
async function driveSdks({ vendors, rows }) {
  await record(rows, 'telnyx', 'telnyx 7.24.0', 'messages.send', () => telnyx(vendors));
  await record(rows, 'sinch-verification', '@sinch/sdk-core 1.4.0', 'start, report right', () => sinch(vendors, true));
  await record(rows, 'sinch-verification', '@sinch/sdk-core 1.4.0', 'start, report wrong', () => sinch(vendors, false));
}

async function record(rows, vendor, witness, operation, work) {
  const verdict = await work().catch((error) => `threw ${error.message}`);
  rows.push({ vendor, witness, operation, direction: 'SDK to dialect and back', verdict, ok: verdict === 'ok' });
}

async function telnyx({ origin, credentials, phone }) {
  const { Telnyx } = require('telnyx');
  const client = new Telnyx({ apiKey: credentials.TELNYX_API_KEY, baseURL: `${origin}/v2`, maxRetries: 0 });
  const from = credentials.TELNYX_PHONE_NUMBER;
  const { data } = await client.messages.send({ from, to: '+12025550177', text: 'Your code is 654321' });
  return data.id && data.to[0].status === 'queued' && phone[0].code === '654321' ? 'ok' : JSON.stringify(data);
}

async function sinch({ origin, credentials, phone }, right) {
  const { SinchClient } = require('@sinch/sdk-core');
  const client = new SinchClient({
    applicationKey: credentials.SINCH_APPLICATION_KEY,
    applicationSecret: credentials.SINCH_APPLICATION_SECRET,
    verificationHostname: origin,
  });
  const identity = { type: 'number', endpoint: '+12025550178' };
  const started = await client.verification.verifications.startSms({
    startVerificationWithSmsRequestBody: { identity },
  });
  const code = right ? phone[0].code : '0'.repeat(9);
  const report = { id: started.id, reportSmsVerificationByIdRequestBody: { sms: { code } } };
  const { status, reason } = await client.verification.verifications.reportSmsById(report);
  const wanted = right ? 'SUCCESSFUL' : 'FAIL';
  return status === wanted ? 'ok' : `${status} ${reason}`;
}

module.exports = { driveSdks };
