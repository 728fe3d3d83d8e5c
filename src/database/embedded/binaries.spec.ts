import { OperatorError } from '../../platform/process/operator-error';
import { findBinaries } from './binaries';

describe('the server binaries', () => {
  it.each([
    ['a platform without a build', 'sunos', 'x64'],
    ['a build that npm did not install', process.platform === 'win32' ? 'linux' : 'win32', 'x64'],
  ])('names DATABASE_URL as the way out, in one line, for %s', (_case, platform, arch) => {
    let thrown: unknown;
    try {
      findBinaries(platform, arch);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(OperatorError);
    expect((thrown as Error).message).toMatch(/^[^\n]*DATABASE_URL[^\n]*$/);
  });
});
