// Before each file of a suite: properties try what follows from TEST_SEED, so that a run can be made again. Without one they try
// something else each time.
import fc from 'fast-check';
import { seedOf } from './chance';

if (process.env['TEST_SEED'] !== undefined)
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: seedOf('properties') });
