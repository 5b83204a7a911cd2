package io.pgevents.boot.autoconfigure;

import io.pgevents.boot.jackson.BothTreesEventCodec;
import io.pgevents.boot.jackson.Jackson3EventCodec;
import io.pgevents.codec.EventCodec;
import io.pgevents.codec.Jackson2EventCodec;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/**
 * The codec if the classes of Jackson 3 are there. That alone says little, because libraries bring them along: Jackson
 * 3 reads and writes payloads only if the application has a {@code JsonMapper} bean; otherwise just its trees.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(JsonMapper.class)
class Jackson3Configuration {

    @Bean
    @ConditionalOnMissingBean
    EventCodec eventCodec(ObjectProvider<JsonMapper> application) {
        JsonMapper mapper = application.getIfUnique();
        EventCodec jackson2 = new Jackson2EventCodec();
        EventCodec jackson3 = new Jackson3EventCodec(mapper == null ? new JsonMapper() : mapper);
        return new BothTreesEventCodec(mapper == null ? jackson2 : jackson3, jackson2, jackson3);
    }
}
