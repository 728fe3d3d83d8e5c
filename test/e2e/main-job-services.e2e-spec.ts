// Everyone gets in through every verification service, whether it makes the code or takes ours.
import 'reflect-metadata';
import { describeMainJob } from '../support/main-job';

describeMainJob('service', 'code-sender');
