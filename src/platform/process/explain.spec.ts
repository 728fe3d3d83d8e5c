import { explain } from './explain';
import { OperatorError } from './operator-error';

describe('what an entry point says when it ends', () => {
  it('is one line without a stack for what the operator can mend', () => {
    expect(explain(new OperatorError('no server:\n set DATABASE_URL'))).toBe('no server: set DATABASE_URL');
  });

  it.each(['listen', 'bind'])('names PORT when the port is taken (%s)', (syscall) => {
    const error = Object.assign(new Error(syscall), { code: 'EADDRINUSE', syscall, port: 3000 });
    expect(explain(error)).toBe('port 3000 is in use: set PORT to another, or 0 for a free one');
  });

  it.each([
    { code: 'ECONNREFUSED', syscall: 'connect' },
    { code: 'ENOTFOUND', syscall: 'getaddrinfo' },
    { code: '3D000' },
    { code: '28P01' },
  ])('names DATABASE_URL when the database cannot be used (%p)', (facts) => {
    const error = Object.assign(new Error('why'), facts);
    expect(explain(error)).toBe('the database cannot be used: why; set DATABASE_URL');
  });

  it.each(['42P05', '26000'])('names DATABASE_PREPARED when a proxy does not carry statements (%s)', (code) => {
    const error = Object.assign(new Error('prepared statement "x" already exists'), { code });
    expect(explain(error)).toBe(
      'the database cannot be used: prepared statement "x" already exists; behind a pooling proxy set DATABASE_PREPARED=false',
    );
  });

  it('shows the stack of an error that is a bug', () => {
    expect(explain(new TypeError('oops'))).toContain('explain.spec');
  });
});
