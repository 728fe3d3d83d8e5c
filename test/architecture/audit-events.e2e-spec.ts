// Every event of security.md 5.10 can be recorded, and every event that can be recorded is seen by a test of the public face (A99).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditEvents } from '../../src/audit/audit.types';

const root = join(__dirname, '..', '..');

const DEMANDED =
  `user_created phone_verified authn_login_success authn_login_successafterfail authn_login_fail authn_login_lock otp_sent
  otp_send_failed otp_fail otp_success authn_password_change authn_password_change_fail password_reset_requested password_reset_completed
  phone_change_requested phone_change_completed totp_enrolled totp_removed recovery_generated recovery_used device_trusted device_revoked
  session_created session_renewed session_expired session_logout authn_token_reuse authz_fail step_up excess_rate_limit_exceeded
  sms_breaker_opened sms_budget_threshold webhook_rejected input_validation_fail config_changed admin_action sys_startup sys_shutdown
  crypt_decrypt_fail`.split(/\s+/);

/** Not recorded under that name, and what is instead. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  admin_action:
    'each action of an operator has an event of its own, with who did it in meta.by: client_*, signing_key_*, account_*',
};

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? sources(join(folder, entry.name))
      : entry.name.endsWith('.ts')
        ? [join(folder, entry.name)]
        : [],
  );
}

const tests = ['e2e', 'races', 'faults', 'threats', 'packages', 'support']
  .flatMap((folder) => sources(join(root, 'test', folder)))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

it('every event that is demanded is there, or what stands for it is named', () => {
  const missing = DEMANDED.filter((name) => !(name in auditEvents) && !(name in ELSEWHERE));
  expect(missing).toEqual([]);
});

it('every event is looked for by a test', () => {
  const unseen = Object.keys(auditEvents).filter((name) => !new RegExp(`\\b${name}\\b`).test(tests));
  expect(unseen).toEqual([]);
});
