// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title A contract wallet with one key, which anybody may replace
contract WalletStandIn is IERC1271 {
    address public key;
    mapping(bytes32 digest => bool) private _signedOnChain;

    constructor(address firstKey) {
        key = firstKey;
    }

    function setKey(address newKey) external {
        key = newKey;
    }

    /// @dev As a Safe signs a message on its chain: the signature is empty then.
    function signOnChain(bytes32 digest) external {
        _signedOnChain[digest] = true;
    }

    /// @dev 65 bytes as the key made them, or with anything behind them: wallets have forms of their own.
    function isValidSignature(
        bytes32 digest,
        bytes calldata signature
    ) external view returns (bytes4) {
        if (signature.length == 0 && _signedOnChain[digest])
            return IERC1271.isValidSignature.selector;
        if (signature.length < 65) return 0xffffffff;
        (address signer, , ) = ECDSA.tryRecover(digest, signature[:65]);
        return signer == key ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}
