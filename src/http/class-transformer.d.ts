// What the decorators of class-transformer have been told; its types name another path than its code has.
declare module 'class-transformer/cjs/storage' {
  export { defaultMetadataStorage } from 'class-transformer/types/storage';
}
