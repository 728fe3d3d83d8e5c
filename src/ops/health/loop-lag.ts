// Measures the delay of the event loop, as the 99th percentile of 5 s. Overload raises it; a single stall of less than 2 s does not.
import { Injectable, OnModuleDestroy } from '@nestjs/common';
import { IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

const WINDOW_MILLISECONDS = 5000;
const NANOSECONDS_PER_MILLISECOND = 1e6;

@Injectable()
export class LoopLag implements OnModuleDestroy {
  private readonly histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: 20 });
  private readonly timer = setInterval(() => this.turn(), WINDOW_MILLISECONDS).unref();
  private last = 0;

  constructor() {
    this.histogram.enable();
  }

  /** 99th percentile of the last full window of 5 s; 0 during the first window. */
  get p99Milliseconds(): number {
    return this.last;
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.histogram.disable();
  }

  private turn(): void {
    this.last = this.histogram.percentile(99) / NANOSECONDS_PER_MILLISECOND;
    this.histogram.reset();
  }
}
