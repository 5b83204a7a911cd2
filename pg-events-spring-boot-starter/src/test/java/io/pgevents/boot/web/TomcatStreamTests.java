package io.pgevents.boot.web;

class TomcatStreamTests extends ServletStreamContract {

    TomcatStreamTests() {
        super(RelayApplication.OnTomcat.class);
    }
}
