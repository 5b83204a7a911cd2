package io.pgevents.boot.autoconfigure;

import io.pgevents.codec.EventCodec;
import io.pgevents.codec.Jackson2EventCodec;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The codec if nobody else has made one: Jackson 2, which core brings along. Imported last. */
@Configuration(proxyBeanMethods = false)
class Jackson2Configuration {

    @Bean
    @ConditionalOnMissingBean
    EventCodec eventCodec() {
        return new Jackson2EventCodec();
    }
}
