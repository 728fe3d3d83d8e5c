// The registry of what class-transformer's decorators declare. The types of the package name another path for it than its code has.
declare module 'class-transformer/cjs/storage' {
  export { defaultMetadataStorage } from 'class-transformer/types/storage';
}
