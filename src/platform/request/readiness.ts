// Whether this process still takes requests. The process lifecycle sets it, the readiness route reads it, so that load balancers stop sending
// before the server closes (case F23).
import { Injectable } from '@nestjs/common';

@Injectable()
export class Readiness {
  /** Becomes true when the process is asked to stop, and stays so. */
  draining = false;
}
