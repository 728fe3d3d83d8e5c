// Everyone gets in through every vendor that carries our text.
import 'reflect-metadata';
import { describeMainJob } from '../support/main-job';

describeMainJob('sender');
