package io.pgevents.boot.web;

class JettySlowBrowserTests extends SlowBrowserContract {

    JettySlowBrowserTests() {
        super(RelayApplication.OnJetty.class);
    }
}
