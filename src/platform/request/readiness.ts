// Whether this process still wants traffic. The process lifecycle sets it, the readiness route reads it, so that a load
// balancer stops sending before the listener closes (case F23).
import { Injectable } from '@nestjs/common';

@Injectable()
export class Readiness {
  /** True from the moment the process was asked to stop; it never turns false again. */
  draining = false;
}
