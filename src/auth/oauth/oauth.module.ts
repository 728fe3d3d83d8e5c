import { Module } from '@nestjs/common';
import { TokensModule } from '../tokens/tokens.module';
import { MetadataController } from './metadata.controller';

/** What standard clients and resource servers expect of an authorization server, as far as we are one. */
@Module({
  imports: [TokensModule],
  controllers: [MetadataController],
})
export class OauthModule {}
