package dev.carillon.violators.order;

import org.apache.kafka.clients.producer.ProducerRecord;

record OrderThatKnowsAFramework(ProducerRecord<String, String> sent) {}
