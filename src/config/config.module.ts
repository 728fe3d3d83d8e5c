import { DynamicModule, Module } from '@nestjs/common';
import { LoadedConfig } from './load-config';

/** Makes each loaded slice injectable by its class, and LoadedConfig for modules that choose slices at run time. */
@Module({})
export class ConfigModule {
  static forRoot(config: LoadedConfig): DynamicModule {
    const slices = [...config.entries()].map(([slice, instance]) => ({ provide: slice, useValue: instance }));
    const all = { provide: LoadedConfig, useValue: config };
    return {
      module: ConfigModule,
      global: true,
      providers: [all, ...slices],
      exports: [all, ...slices.map((s) => s.provide)],
    };
  }
}
