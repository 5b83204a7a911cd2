package io.pgevents.boot.web;

class JettyStreamTests extends ServletStreamContract {

    JettyStreamTests() {
        super(RelayApplication.OnJetty.class);
    }
}
